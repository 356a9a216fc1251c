// SPDX-License-Identifier: EUPL-1.2
/** The components of every page; see docs in each file. `import { card, actionForm } from "#ui/components.ts"`. */
export type { IconName } from "./components/icon.ts";
export { STATES, stateBadge, stateLegend, stateWord, type State } from "./components/states.ts";
export {
  actionForm,
  button,
  CSRF_FIELD,
  form,
  KEY_FIELD,
  linkButton,
  searchBox,
  type ActionFormOptions,
  type ButtonKind,
  type FormOptions,
  type Protection,
} from "./components/forms.ts";
export {
  checkbox,
  checkboxes,
  dateField,
  fileField,
  euroField,
  radios,
  selectField,
  textArea,
  textField,
  type Choice,
} from "./components/fields.ts";
export {
  alert,
  emptyState,
  errorFor,
  problem,
  type FieldError,
  type Tone,
} from "./components/feedback.ts";
export {
  card,
  definitionList,
  figures,
  history,
  linkRow,
  receiptCard,
  serviceRow,
  taskList,
  type Row,
} from "./components/cards.ts";
export {
  chips,
  dataTable,
  linkList,
  pagination,
  progress,
  stepper,
  tabs,
  tag,
  type Column,
  type LinkItem,
} from "./components/data.ts";
export { monthCalendar, type CalendarDay } from "./components/calendar.ts";
export {
  liveRegion,
  printButton,
  printFooter,
  printHeader,
  printSheet,
  rollCall,
  type RollRow,
} from "./components/boards.ts";
