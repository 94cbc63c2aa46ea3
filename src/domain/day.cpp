// The name of a day.
#include "domain/day.h"

#include <algorithm>

namespace daybook::domain {

Uuid day_entity(PropertyId property, BusinessDate date) {
    const Hash hash = sha256({property.value.bytes, as_bytes(date.to_string())});
    Uuid uuid;
    std::copy_n(hash.begin(), uuid.bytes.size(), uuid.bytes.begin());
    // RFC 9562, 5.8: version 8 and the variant.
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x80);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

}  // namespace daybook::domain
