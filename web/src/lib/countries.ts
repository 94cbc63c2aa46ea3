// Countries with their currency (ISO 3166, ISO 4217), so that a new property asks for one thing and
// not for two. The browser knows their names and time zones.

const kCurrencies: Record<string, string> = {
  EUR: 'AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM XK',
  USD: 'EC PA PR SV US ZW',
  XOF: 'BF BJ CI GW ML NE SN TG',
  XAF: 'CF CG CM GA GQ TD',
  XCD: 'AG DM GD KN LC VC',
  GBP: 'GB GG IM JE',
  CHF: 'CH LI',
  AUD: 'AU KI NR TV',
  NZD: 'CK NU NZ',
  ...Object.fromEntries(
    // One country each.
    (
      'AED:AE ALL:AL AMD:AM AOA:AO ARS:AR AZN:AZ BAM:BA BDT:BD BHD:BH BND:BN BOB:BO BRL:BR BSD:BS ' +
      'BTN:BT BWP:BW BZD:BZ CAD:CA CLP:CL CNY:CN COP:CO CRC:CR CVE:CV CZK:CZ DKK:DK DOP:DO DZD:DZ ' +
      'EGP:EG ETB:ET FJD:FJ GEL:GE GHS:GH GMD:GM GTQ:GT HKD:HK HNL:HN HUF:HU IDR:ID ILS:IL INR:IN ' +
      'ISK:IS JMD:JM JOD:JO JPY:JP KES:KE KGS:KG KHR:KH KRW:KR KWD:KW KZT:KZ LAK:LA LBP:LB LKR:LK ' +
      'MAD:MA MDL:MD MGA:MG MKD:MK MMK:MM MNT:MN MOP:MO MUR:MU MVR:MV MWK:MW MXN:MX MYR:MY MZN:MZ ' +
      'NAD:NA NGN:NG NIO:NI NOK:NO NPR:NP OMR:OM PEN:PE PHP:PH PKR:PK PLN:PL PYG:PY QAR:QA RON:RO ' +
      'RSD:RS RWF:RW SAR:SA SCR:SC SEK:SE SGD:SG STN:ST THB:TH TND:TN TRY:TR TTD:TT TWD:TW TZS:TZ ' +
      'UAH:UA UGX:UG UYU:UY UZS:UZ VND:VN WST:WS ZAR:ZA ZMW:ZM'
    )
      .split(' ')
      .map((each) => each.split(':', 2) as [string, string]),
  ),
};

export interface Country {
  code: string;
  name: string;
  currency: string;
}

export function countries(language: string): Country[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  return Object.entries(kCurrencies)
    .flatMap(([currency, codes]) => codes.split(' ').map((code) => ({ code, currency })))
    .map((each) => ({ ...each, name: names.of(each.code) ?? each.code }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

// Where the sun may stand differently, the zone of the browser if it is one of them.
export function zoneOf(country: string, own: string): string {
  const place = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    getTimeZones?: () => string[] | undefined;
    timeZones?: string[];
  };
  const zones = place.getTimeZones?.() ?? place.timeZones ?? [];
  return zones.includes(own) ? own : (zones[0] ?? own);
}

// The country that this browser seems to be in: by its zone, else by its language.
export function likelyCountry(zone: string, locale: string): string {
  const spoken = new Intl.Locale(locale).maximize().region ?? '';
  const all = Object.values(kCurrencies).flatMap((codes) => codes.split(' '));
  const isThere = (code: string) => zoneOf(code, zone) === zone && zoneOf(code, '') !== '';
  if (all.includes(spoken) && isThere(spoken)) return spoken;
  return all.find(isThere) ?? (all.includes(spoken) ? spoken : '');
}
