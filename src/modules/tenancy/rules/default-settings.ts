// SPDX-License-Identifier: EUPL-1.2
import { type ServiceSettings, type TownSettings, townSettingSchemas } from "./settings.ts";

/** What counts when a town says nothing: always the choice that takes nothing away from a family. */
export const SERVICE_DEFAULTS: Partial<ServiceSettings> = {
  billing: { automatic: false },
  plainMeal: { allowed: false },
  negativeBalance: { rule: "never-blocks" },
  residualCredit: { rule: "carried-over" },
  accounting: { budgetChapter: "", assessment: "", siope: "" },
  kitchen: {},
};

export const TOWN_DEFAULTS: Partial<TownSettings> = {
  words: townSettingSchemas.words.parse({}),
  enrolment: townSettingSchemas.enrolment.parse({}),
  notices: townSettingSchemas.notices.parse({}),
  collection: townSettingSchemas.collection.parse({}),
  dietCodes: [],
  staff: townSettingSchemas.staff.parse({}),
  retention: townSettingSchemas.retention.parse({}),
  accessibility: townSettingSchemas.accessibility.parse({}),
};
