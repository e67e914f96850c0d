/** What runs in a task's container, as ECS deals with it. Without one a container leaves a moment after SIGTERM. */
export interface TaskProcess {
  /** SIGTERM: the process calls `leave` when it has ended by itself, which may be never. */
  terminate(leave: () => void): void;
  /** SIGKILL, or the process ended for a reason of its own: nothing of it goes on. */
  kill(): void;
}
