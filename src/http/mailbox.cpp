// Letters run and are destroyed outside the lock: they may post again.
#include "http/mailbox.h"

#include <utility>

namespace daybook::http {

void Mailbox::post(Letter letter) {
    const Lock lock(mutex_);
    if (is_closed_) return;
    letters_.push_back(std::move(letter));
    if (letters_.size() == 1) wake_();
}

void Mailbox::open() {
    std::vector<Letter> letters;
    {
        const Lock lock(mutex_);
        letters.swap(letters_);
    }
    for (Letter& letter : letters) letter();
}

void Mailbox::close() {
    std::vector<Letter> dropped;
    const Lock lock(mutex_);
    is_closed_ = true;
    dropped.swap(letters_);
}

}  // namespace daybook::http
