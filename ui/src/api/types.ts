/** The server's models by their names; all of them come from `schema.ts`, which is generated. */
import type { components } from "./schema.ts";

type Models = components["schemas"];

export type Problem = Models["Problem"];
export type Project = Models["Project"];
export type BasePath = Models["BasePath"];
export type Money = Models["Money"];
export type EngineInfo = Models["EngineInfo"];
export type Endpoints = Models["Endpoints"];
export type EndpointCell = Models["EndpointCell"];
export type SequenceRow = Models["SequenceRow"];
export type SequenceState = Models["SequenceState"];
export type Sequence = Models["Sequence"];
export type Frame = Models["Frame"];
export type FrameState = Models["FrameState"];
export type FrameScores = Models["FrameScores"];
export type Scores = Models["Scores"];
export type MarksEdit = Models["MarksEdit"];
export type Take = Models["Take"];
export type History = Models["History"];
export type WorkOrder = Models["WorkOrder"];
export type Work = WorkOrder["work"];
export type Estimate = Models["Estimate"];
export type Job = Models["Job"];
export type JobState = Models["JobState"];
export type JobFailure = Models["JobFailure"];
export type Rig = Models["Rig"];
export type StageCommand = Models["StageCommand"];
export type Export = Models["Export"];
export type ExportFormat = Models["ExportFormat"];
export type FormatSetting = Models["FormatSetting"];

export type StudioEvent = Models["Event"];
