import { type ReactNode, StrictMode, useEffect, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { Account } from "./account/account.tsx";
import { Slack } from "./slack/slack.tsx";
import { followLab, usePicture } from "./store.ts";
import { TopBar } from "./topbar.tsx";

const night = window.matchMedia("(prefers-color-scheme: dark)");

/** The system's choice until the person makes one. */
function useTheme(): readonly [string, () => void] {
  const system = useSyncExternalStore(
    (changed) => {
      night.addEventListener("change", changed);
      return () => night.removeEventListener("change", changed);
    },
    () => (night.matches ? "dark" : "light"),
  );
  const [own, setOwn] = useState<string>();
  const theme = own ?? system;
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  return [theme, () => setOwn(theme === "dark" ? "light" : "dark")];
}

function Page(): ReactNode {
  const picture = usePicture();
  const [theme, changeTheme] = useTheme();
  if (picture === undefined) return <p className="empty">The lab is starting…</p>;
  const run = `${picture.lab.scenario.name} ${picture.lab.scenario.seed}`;
  return (
    <>
      <TopBar picture={picture} theme={theme} changeTheme={changeTheme} />
      <main key={run}>
        <Slack slack={picture.slack} />
        <Account picture={picture} dark={theme === "dark"} />
      </main>
    </>
  );
}

const place = document.getElementById("page");
if (place === null) throw new Error("The document has no place for the page.");
followLab();
createRoot(place).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
