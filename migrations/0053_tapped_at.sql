-- When a teacher tapped, by the tablet's clock, beside when it arrived: a tablet may wait for hours without a network
-- (ADR 21). The arrival counts (X-02); `null`: sent as it was tapped, or by a page without JavaScript.
alter table roll_call add column tapped_at timestamptz;
alter table attendance_mark add column tapped_at timestamptz;
