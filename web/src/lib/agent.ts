// What a browser says of itself, in two words: "Chrome · Android".

type Names = [sign: RegExp, name: string][];

// Each is looked for before those whose sign it carries, too.
const kBrowsers: Names = [
  [/Edg\w*\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const kSystems: Names = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
];

// The whole text where nothing of it is known.
export function agentWords(agent: string): string {
  const nameIn = (names: Names) => names.find(([sign]) => sign.test(agent))?.[1];
  return [nameIn(kBrowsers), nameIn(kSystems)].filter(Boolean).join(' · ') || agent;
}
