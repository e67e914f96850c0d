import { type ReactNode, useId, useRef, useState } from "react";
import type { Picture } from "../../src/serve/picture.ts";
import { sayDay, sayTime } from "./say.ts";
import { ask, useConnected } from "./store.ts";

const speeds = [
  { speed: 0, text: "Pause" },
  { speed: 1, text: "1×" },
  { speed: 10, text: "10×" },
  { speed: 60, text: "60×" },
] as const;

interface TopBarProps {
  readonly picture: Picture;
  readonly theme: string;
  readonly changeTheme: () => void;
}

/** The simulated clock, how fast it goes, what is played, and events from outside. */
export function TopBar({ picture, theme, changeTheme }: TopBarProps): ReactNode {
  const { lab } = picture;
  const connected = useConnected();
  const [problem, setProblem] = useState<string>();
  const send = (path: string, body: object): void => {
    setProblem(undefined);
    ask(path, body).catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  return (
    <header className="top">
      <h1>Nightshift lab</h1>
      <p className="clock" role="timer" aria-label="Simulated time">
        {sayDay(lab.now)} <strong>{sayTime(lab.now)}</strong> UTC
      </p>
      <fieldset className="speeds">
        <legend className="hidden">Speed</legend>
        {speeds.map(({ speed, text }) => (
          <button type="button" className="button" key={speed} aria-pressed={lab.speed === speed} onClick={() => send("/api/speed", { speed })}>
            {text}
          </button>
        ))}
        {speeds.some(({ speed }) => speed === lab.speed) ? null : <span className="quiet">{lab.speed}×</span>}
      </fieldset>
      {lab.reached === undefined ? null : (
        <p className="behind">
          This machine is behind the simulated clock: {lab.reached}× instead of {lab.speed}×
        </p>
      )}
      <p className="playing">
        <span className="hidden">Running: </span>
        <strong>{lab.scenario.title}</strong> <span className="quiet">(seed {lab.scenario.seed})</span>
      </p>
      <EventBox now={lab.now} />
      <button type="button" className="button" onClick={changeTheme}>
        {theme === "dark" ? "Light" : "Dark"} theme
      </button>
      {/* Begun anew with each story, so that it shows the one that runs, whoever began it. */}
      <ScenarioMenu key={`${lab.scenario.name} ${lab.scenario.seed}`} picture={picture} start={(name, seed) => send("/api/scenario", { name, seed })} />
      {connected ? null : (
        <p className="problem" role="alert">
          The lab does not answer. Is `npx nightshift lab serve` still running?
        </p>
      )}
      {lab.stopped === undefined ? null : (
        <p className="problem" role="alert">
          The story stopped: {lab.stopped} Start a scenario to go on.
        </p>
      )}
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </header>
  );
}

interface ScenarioProps {
  readonly picture: Picture;
  readonly start: (name: string, seed: number) => void;
}

function ScenarioMenu({ picture: { lab, scenarios }, start }: ScenarioProps): ReactNode {
  const [chosen, choose] = useState(lab.scenario.name);
  const [seed, setSeed] = useState(String(lab.scenario.seed));
  return (
    <form
      className="scenarios"
      onSubmit={(event) => {
        event.preventDefault();
        start(chosen, Number(seed));
      }}
    >
      <label className="titles">
        <span className="hidden">Scenario</span>
        <select value={chosen} onChange={(event) => choose(event.target.value)}>
          {scenarios.map(({ name, title }) => (
            <option key={name} value={name}>
              {name}: {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        seed <input type="number" min={0} max={999_999_999} value={seed} onChange={(event) => setSeed(event.target.value)} />
      </label>
      <button type="submit" className="button primary">
        Start
      </button>
    </form>
  );
}

/** Where an EventBridge event is pasted. */
function EventBox({ now }: { readonly now: number }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState("");
  const [said, setSaid] = useState<string>();
  const publish = (): void => {
    setSaid(undefined);
    let event: unknown;
    try {
      event = JSON.parse(text);
    } catch (error) {
      setSaid(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (typeof event !== "object" || event === null) {
      setSaid("An event is a JSON object.");
      return;
    }
    ask("/events", event).then(
      ({ id }) => setSaid(`Delivered as ${String(id)}.`),
      (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <>
      <button type="button" className="button" onClick={() => dialog.current?.showModal()}>
        Send an event…
      </button>
      <dialog ref={dialog} className="view" aria-labelledby="event-title">
        <h2 id="event-title">Send an EventBridge event</h2>
        <p className="quiet">The same as POST /events. What its envelope leaves out (id, account, region, time) is the lab's own.</p>
        <div className="question">
          <label htmlFor={id}>Event, as JSON</label>
          <textarea id={id} className="code-input" rows={14} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
        </div>
        <p role="status">{said ?? ""}</p>
        <div className="actions end">
          <button type="button" className="button" onClick={() => setText(JSON.stringify(exampleAt(now), null, 2))}>
            Fill in an example
          </button>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
          <button type="button" className="button primary" onClick={publish}>
            Send
          </button>
        </div>
      </dialog>
    </>
  );
}

/** An alarm that has just rung, by the lab's clock. */
function exampleAt(now: number): object {
  const at = new Date(now).toISOString().replace("Z", "+0000");
  return {
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    resources: ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:shop-api-5xx"],
    detail: {
      alarmName: "shop-api-5xx",
      state: { value: "ALARM", reason: "Threshold Crossed: 1 datapoint (41.0) was greater than the threshold (5.0).", timestamp: at },
      previousState: { value: "OK", reason: "Threshold Crossed: 1 datapoint (0.2) was not greater than the threshold (5.0).", timestamp: at },
      configuration: {
        metrics: [
          {
            id: "m1",
            returnData: true,
            metricStat: {
              metric: { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ClusterName: "prod", ServiceName: "shop-api" } },
              period: 60,
              stat: "Average",
            },
          },
        ],
      },
    },
  };
}
