import type { Service, ServiceDeployment, ServiceRevision, Task, TaskDefinition } from "@aws-sdk/client-ecs";

const arn = (what: string) => `arn:aws:ecs:eu-central-1:123456789012:${what}`;
const at = (text: string) => new Date(`2026-11-21T${text}Z`);

/** A digest made of one hex digit. */
export const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** A task definition as DescribeTaskDefinition answers it, with what a test changes. */
export const definitionSample = (changes: Partial<TaskDefinition> = {}): TaskDefinition => ({
  taskDefinitionArn: arn("task-definition/api:42"),
  family: "api",
  revision: 42,
  status: "ACTIVE",
  registeredAt: at("08:00:00"),
  registeredBy: "arn:aws:iam::123456789012:user/ci",
  requiresAttributes: [{ name: "com.amazonaws.ecs.capability.docker-remote-api.1.18" }],
  compatibilities: ["EC2", "FARGATE"],
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  taskRoleArn: "arn:aws:iam::123456789012:role/api-task",
  executionRoleArn: "arn:aws:iam::123456789012:role/api-execution",
  containerDefinitions: [
    {
      name: "app",
      image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:v42",
      essential: true,
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      command: ["serve", "--port", "8080"],
      dockerLabels: { "nightshift.commit": "abc1234" },
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/api", "awslogs-stream-prefix": "api" } },
    },
  ],
  volumes: [],
  ...changes,
});

/** A service revision as DescribeServiceRevisions answers it. */
export const revisionSample = (changes: Partial<ServiceRevision> = {}): ServiceRevision => ({
  serviceRevisionArn: arn("service-revision/shop/api/1001"),
  serviceArn: arn("service/shop/api"),
  clusterArn: arn("cluster/shop"),
  taskDefinition: arn("task-definition/api:42"),
  launchType: "FARGATE",
  platformVersion: "1.4.0",
  platformFamily: "Linux",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-a"], assignPublicIp: "DISABLED" } },
  containerImages: [{ containerName: "app", image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:v42", imageDigest: digestOf("a") }],
  createdAt: at("08:01:00"),
  ...changes,
});

/** A service as DescribeServices answers it. */
export const serviceSample = (changes: Partial<Service> = {}): Service => ({
  serviceArn: arn("service/shop/api"),
  serviceName: "api",
  clusterArn: arn("cluster/shop"),
  status: "ACTIVE",
  desiredCount: 3,
  runningCount: 3,
  pendingCount: 1,
  taskDefinition: arn("task-definition/api:42"),
  deploymentController: { type: "ECS" },
  deploymentConfiguration: {
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { alarmNames: ["api-5xx"], enable: true, rollback: true },
    strategy: "ROLLING",
  },
  loadBalancers: [{ targetGroupArn: "arn:tg/blue", advancedConfiguration: { alternateTargetGroupArn: "arn:tg/green" } as never }],
  deployments: [
    {
      id: "ecs-svc/1",
      status: "ACTIVE",
      taskDefinition: arn("task-definition/api:41"),
      desiredCount: 1,
      runningCount: 1,
      pendingCount: 0,
      failedTasks: 0,
      createdAt: at("07:00:00"),
      rolloutState: "COMPLETED",
    },
    {
      id: "ecs-svc/2",
      status: "PRIMARY",
      taskDefinition: arn("task-definition/api:42"),
      desiredCount: 3,
      runningCount: 2,
      pendingCount: 1,
      failedTasks: 1,
      createdAt: at("08:00:00"),
      rolloutState: "IN_PROGRESS",
      rolloutStateReason: "ECS deployment ecs-svc/2 in progress.",
    },
  ],
  currentServiceDeployment: arn("service-deployment/shop/api/d2"),
  currentServiceRevisions: [{ arn: arn("service-revision/shop/api/1001"), requestedTaskCount: 3, runningTaskCount: 2, pendingTaskCount: 1 }],
  ...changes,
});

/** A service deployment as DescribeServiceDeployments answers it. */
export const deploymentSample = (changes: Partial<ServiceDeployment> = {}): ServiceDeployment => ({
  serviceDeploymentArn: arn("service-deployment/shop/api/d2"),
  serviceArn: arn("service/shop/api"),
  clusterArn: arn("cluster/shop"),
  createdAt: at("08:00:00"),
  startedAt: at("08:00:01"),
  status: "IN_PROGRESS",
  sourceServiceRevisions: [{ arn: arn("service-revision/shop/api/1000"), runningTaskCount: 1 }],
  targetServiceRevision: { arn: arn("service-revision/shop/api/1001"), runningTaskCount: 2 },
  deploymentCircuitBreaker: { status: "MONITORING", failureCount: 1, threshold: 3 },
  alarms: { status: "MONITORING", alarmNames: ["api-5xx"], triggeredAlarmNames: [] },
  ...changes,
});

/** A running task as DescribeTasks answers it. */
export const taskSample = (changes: Partial<Task> = {}): Task => ({
  taskArn: arn("task/shop/0123456789abcdef"),
  taskDefinitionArn: arn("task-definition/api:42"),
  startedBy: "ecs-svc/2",
  lastStatus: "RUNNING",
  desiredStatus: "RUNNING",
  healthStatus: "HEALTHY",
  startedAt: at("08:02:00"),
  attachments: [
    {
      type: "ElasticNetworkInterface",
      details: [
        { name: "subnetId", value: "subnet-a" },
        { name: "privateIPv4Address", value: "10.0.1.17" },
      ],
    },
  ],
  containers: [{ name: "app", imageDigest: digestOf("a"), lastStatus: "RUNNING", networkInterfaces: [{ privateIpv4Address: "10.0.1.17" }] }],
  ...changes,
});
