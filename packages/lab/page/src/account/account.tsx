import type { ReactNode } from "react";
import type { AlarmPart, Picture, QueuePart, ServicePart } from "../../../src/serve/picture.ts";
import { sayAge, sayTime } from "../say.ts";
import { ServiceChart } from "./chart.tsx";

/** The simulated AWS account, as its console would tell. */
export function Account({ picture, dark }: { readonly picture: Picture; readonly dark: boolean }): ReactNode {
  const { services, alarms, queues, charts, marks, lab } = picture;
  return (
    <section className="account" aria-label="AWS account">
      <h2>AWS account (simulated)</h2>
      <h3>Services</h3>
      {services.map((service) => {
        const chart = charts.find((one) => one.service === service.name);
        const mine = marks.filter((mark) => mark.service === service.name || mark.service === "");
        return (
          <article key={service.name} className="card" aria-label={service.name}>
            <Service service={service} />
            {chart === undefined ? null : <ServiceChart chart={chart} marks={mine} now={lab.now} dark={dark} />}
          </article>
        );
      })}
      <h3>Alarms</h3>
      <Alarms alarms={alarms} now={lab.now} />
      <h3>Queues</h3>
      <Queues queues={queues} />
      <h3>Backups</h3>
      <p className="empty">No backups yet. Database backups and their restore tests are not installed in this account.</p>
    </section>
  );
}

function Service({ service }: { readonly service: ServicePart }): ReactNode {
  return (
    <>
      <h4>{service.name}</h4>
      <p className="quiet">
        {service.running} of {service.desired} tasks running{service.pending > 0 ? `, ${service.pending} starting` : ""}
      </p>
      {service.shares.length === 0 ? <p className="problem">nothing serves</p> : null}
      {service.shares.map(({ revision, share, bad }) => (
        <div className="share" key={revision}>
          <span>
            {revision}
            {bad ? " (bad)" : ""}
          </span>
          <meter className={bad ? "bad" : ""} min={0} max={1} value={share} aria-label={`${revision} serves`} />
          <span>{Math.round(share * 100)} %</span>
        </div>
      ))}
      <details>
        <summary>Deployments ({service.deployments.length})</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">since</th>
              <th scope="col">revision</th>
              <th scope="col">state</th>
              <th scope="col">tasks</th>
            </tr>
          </thead>
          <tbody>
            {service.deployments.map((one) => (
              <tr key={one.id} title={one.why}>
                <td>{sayTime(one.at)}</td>
                <td>{one.revision}</td>
                <td>{one.state}</td>
                <td>{one.tasks}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** More alarms than these are counted, not listed. */
const LISTED = 20;

function Alarms({ alarms, now }: { readonly alarms: readonly AlarmPart[]; readonly now: number }): ReactNode {
  if (alarms.length === 0) return <p className="empty">This account has no CloudWatch alarms; Nightshift watches the metrics themselves.</p>;
  const ringing = alarms.filter(({ value }) => value === "ALARM").length;
  return (
    <>
      {alarms.length > LISTED ? (
        <p>
          {alarms.length} alarms: {ringing} in ALARM, {alarms.length - ringing} not
        </p>
      ) : null}
      <ul className="rows" aria-label="Alarms">
        {alarms.slice(0, LISTED).map((alarm) => (
          <li key={alarm.name} title={alarm.reason}>
            <span className={`state ${alarm.value}`}>{alarm.value === "ALARM" ? "● ALARM" : alarm.value === "OK" ? "✓ OK" : "no data"}</span>
            <span className="name">{alarm.name}</span>
            <span className="quiet">{sayAge(alarm.since, now)}</span>
          </li>
        ))}
        {alarms.length > LISTED ? <li className="quiet">and {alarms.length - LISTED} more</li> : null}
      </ul>
    </>
  );
}

function Queues({ queues }: { readonly queues: readonly QueuePart[] }): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">queue</th>
          <th scope="col">waiting</th>
          <th scope="col">in work</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <td>{queue.name}</td>
            <td>{queue.waiting}</td>
            <td>{queue.working}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
