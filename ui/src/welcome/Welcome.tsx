/** The first look: no project is open in this folder yet. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useRef, useState } from "react";
import { request } from "../api/client.ts";
import { keys, useProject } from "../api/queries.ts";
import type { Project } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Icon } from "../design/icons.tsx";
import { hasFiles } from "../endpoints/DropZone.tsx";
import { useSelection } from "../stores/selection.ts";
import type { View } from "../stores/views.ts";
import { useObjectUrl } from "./useObjectUrl.ts";
import "./welcome.css";

export function Welcome(): ReactElement {
  const { data: project } = useProject();
  return (
    <div className="welcome">
      <header>
        <h2>One portrait in, an animated face out</h2>
        <p>
          There is no project in <code>{project?.folder}</code> yet. Begin with your own portrait, or look around in the
          example first.
        </p>
      </header>
      {project !== undefined && project.problems.length > 0 && (
        <ul className="problems" data-tone="bad" role="alert">
          {project.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <div className="welcome-ways">
        <PortraitCard />
        <ExampleCard />
      </div>
      <ol className="welcome-steps" aria-label="What comes next">
        <Step title="Portrait" text="The neutral face, on the canvas that everything is drawn on." />
        <Step
          title="Expressions"
          text="Drop your own drawings in, or have an image model draw them; the price is shown first."
        />
        <Step
          title="Sequences"
          text="The frames between two expressions. The local engine makes them for free, offline."
        />
        <Step title="Review" text="Play, compare and make single frames anew. Every picture is kept as a take." />
      </ol>
    </div>
  );
}

function Step({ title, text }: { title: string; text: string }): ReactElement {
  return (
    <li>
      <h4>{title}</h4>
      <p>{text}</p>
    </li>
  );
}

/** Begin a project on the server, then show `view` of it. */
function useBegin(begin: () => Promise<Project>, view: View) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: begin,
    onSuccess: (project) => {
      client.setQueryData(keys.project, project);
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== keys.project[0] });
      useSelection.getState().show(view);
    },
  });
}

function ExampleCard(): ReactElement {
  const { mutate, isPending, error } = useBegin(() => request("post", "/api/v1/project/example"), "endpoints");
  return (
    <section className="welcome-card" aria-label="The example">
      <Icon name="face" />
      <h3>Look around in the example</h3>
      <p>A drawn child with twelve expressions. It is copied into this folder, so do with it what you like.</p>
      <Button label="Open the example" busy={isPending} onPress={() => mutate()} />
      {error && <Fault error={error} />}
    </section>
  );
}

const PICTURES = ["image/png", "image/jpeg", "image/webp"];

function PortraitCard(): ReactElement {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const begin = useBegin(() => {
    if (file === null) throw new Error("Choose a portrait first.");
    return request("post", "/api/v1/project/portrait", { query: { name: name.trim() }, bytes: file });
  }, "endpoints");
  const take = (files: FileList | null): void => {
    const [first] = files ?? [];
    if (first === undefined) return;
    setFile(first);
    const guess = nameOf(first.name);
    if (name === "" && guess !== "neutral") setName(guess);
  };
  return (
    <section
      className="welcome-card welcome-portrait"
      aria-label="Your own portrait"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        take(event.dataTransfer.files);
      }}
    >
      {file === null ? <Icon name="upload" /> : <Portrait file={file} />}
      <h3>Begin with your own portrait</h3>
      <p>Drop one neutral portrait here: PNG, JPEG or WebP. It is copied; your file stays as it is.</p>
      <div className="welcome-fields">
        <Button
          label={file === null ? "Choose a portrait…" : "Choose another…"}
          look={file === null ? "main" : "plain"}
          onPress={() => input.current?.click()}
        />
        <input
          ref={input}
          type="file"
          hidden
          aria-hidden="true"
          tabIndex={-1}
          data-portrait
          accept={PICTURES.join()}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {file !== null && (
        <form
          className="welcome-fields"
          onSubmit={(event) => {
            event.preventDefault();
            if (faultOf(file, name) === null) begin.mutate();
          }}
        >
          <label className="labelled">
            Name
            <input className="field" value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          </label>
          <Button
            label="Begin the project"
            look="main"
            busy={begin.isPending}
            disabledBecause={faultOf(file, name)}
            onPress={() => begin.mutate()}
          />
        </form>
      )}
      {file !== null && faultOf(file, name) !== null && <p className="fault">{faultOf(file, name)}</p>}
      {begin.error && <Fault error={begin.error} />}
    </section>
  );
}

function Portrait({ file }: { file: File }): ReactElement {
  const url = useObjectUrl(file);
  return <img className="checkered" src={url} alt={`Your portrait, ${file.name}`} />;
}

function Fault({ error }: { error: Error }): ReactElement {
  return (
    <p className="fault" role="alert">
      {error.message}
    </p>
  );
}

function faultOf(file: File, name: string): string | null {
  if (!PICTURES.includes(file.type)) return `"${file.name}" is no PNG, JPEG or WebP picture; choose another file`;
  return name.trim() === "" ? "give the character a name" : null;
}

/** `my_hero__center.png` → `my hero`. */
function nameOf(fileName: string): string {
  const bare = fileName.replace(/\.\w+$/, "").split("__")[0] ?? "";
  return bare.replace(/[_-]+/g, " ").trim();
}
