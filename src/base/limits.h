// Every limit of the system, with its unit and what happens at it (I10, S7).
#pragma once

#include <cstddef>
#include <cstdint>

namespace daybook::limits {

// Money. Above: 422 amount_out_of_range.
inline constexpr std::int64_t kAmountMinorMax = 1'000'000'000'000;
// The turnover of a property (the sum of all amounts that it may ever show, of either sign) keeps
// every derived number exact in JavaScript. Above: 422 total_too_large.
inline constexpr std::int64_t kTurnoverMinorMax = (std::int64_t{1} << 53) - 1;

// An opening balance or a count, of either sign. Above: 422 amount_out_of_range.
inline constexpr std::int64_t kBalanceMinorMax = 1'000'000'000'000'000;
// Denominations in one count. Above: 400 invalid_value.
inline constexpr std::size_t kDenominationsMax = 50;

// Dates. Outside: 400 invalid_value.
inline constexpr int kYearMin = 1970;
inline constexpr int kYearMax = 2199;
// A from/to range, in days. Above: 422 range_too_long.
inline constexpr int kRangeDaysMax = 1'100;
// An entry lies at most this many days ahead of the property's business date. Above: 422
// future_date.
inline constexpr int kDaysAheadMax = 1;

// Days that one close or reopening acts on. Above: 409 too_many_days.
inline constexpr int kCloseDaysMax = 62;
// Whoever closed a day may take that back for so long, in milliseconds, while nothing newer is
// written. Later: an admin reopens it.
inline constexpr std::int64_t kUndoCloseMsMax = std::int64_t{15} * 60 * 1'000;
// Days in one list of days, over all of its properties. Above: 422 range_too_long.
inline constexpr int kListedDaysMax = 16'000;
// How long an exception from a lock may last, in milliseconds. Above: 400 invalid_value.
inline constexpr std::int64_t kLockExceptionMsMax = std::int64_t{31} * 24 * 3'600 * 1'000;

// How far ahead a daily approval may be given, in days. Above: 400 invalid_value.
inline constexpr int kDailyApprovalDaysMax = 31;

// Notifications that one user has read out of order, before the first that is unread. Above: 422
// limit_reached; a position through which all are read makes room.
inline constexpr std::size_t kReadMarksMax = 1'000;
// Unread notifications are counted up to so many, and looked through up to so many at a time.
inline constexpr std::size_t kUnreadCountedMax = 1'000;
inline constexpr std::size_t kNotificationScanMax = 10'000;

// Text, in bytes of UTF-8. Above: 400 invalid_value.
inline constexpr std::size_t kNameBytesMax = 120;
inline constexpr std::size_t kTextBytesMax = 2'000;
inline constexpr std::size_t kReferenceBytesMax = 200;
inline constexpr std::size_t kExternalIdBytesMax = 200;
inline constexpr std::size_t kKeyBytesMax = 40;
inline constexpr std::size_t kMethodBytesMax = 40;
inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;
inline constexpr std::size_t kRequestIdBytesMax = 100;

// The writer (section 9). A batch ends at whichever comes first.
inline constexpr std::size_t kBatchCommandsMax = 64;
inline constexpr std::size_t kBatchEntriesMax = 256;
inline constexpr std::int64_t kBatchWorkUsMax = 4'000;
// Commands waiting for the writer. Above: 503 queue_full with Retry-After.
inline constexpr std::size_t kQueueCommandsMax = 20'000;
inline constexpr std::size_t kQueueEntriesMax = 200'000;
// What one org may take per turn, in entries (deficit round robin): a quarter of a batch, so that
// whoever comes late is in the next one.
inline constexpr std::size_t kTurnEntries = 16;

// The write-ahead log, in frames and bytes: a passive checkpoint is due, an alert, the oldest
// reader is ended.
inline constexpr int kCheckpointFrames = 1'000;
inline constexpr std::int64_t kWalAlertBytes = std::int64_t{64} << 20;
inline constexpr std::int64_t kWalBytesMax = std::int64_t{1} << 30;
// What of a transaction is written to that log in one go; SQLite's own layer to the file system
// takes no more (17 bits, os_unix.c).
inline constexpr std::size_t kLogBufferBytesMax = 128 * 1024 - 1;

// Bulk creation: entries in one request. Above: 413 too_large.
inline constexpr std::size_t kBulkEntriesMax = 1'000;

// Idempotency records are kept this long, in milliseconds, in day tables (4 of them, by day modulo
// 4).
inline constexpr std::int64_t kIdempotencyKeptMs = std::int64_t{72} * 3'600 * 1'000;

// Lists. Above: 400 invalid_value.
inline constexpr std::size_t kPageDefault = 100;
inline constexpr std::size_t kPageMax = 1'000;
// Positions that one page of event history may scan for a filter without an index; the cursor goes
// on from there.
inline constexpr std::int64_t kEventScanMax = 10'000;
// Entries shown inside a daily report; more are behind its link.
inline constexpr std::size_t kReportEntriesMax = 500;

// No read transaction lives longer, in milliseconds: streams and exports read by pages.
inline constexpr std::int64_t kReadTransactionMsMax = 30'000;

// HTTP. Above: 431 or 413 as named in http/.
inline constexpr std::size_t kHttpHeadBytesMax = 16 * 1024;
inline constexpr std::size_t kHttpBodyBytesMax = std::size_t{2} << 20;
inline constexpr std::size_t kHttpTargetBytesMax = 8 * 1024;
inline constexpr std::size_t kHttpConnectionsMax = 16'000;
inline constexpr int kHttpIdleSecondsMax = 60;
inline constexpr int kHttpHeadSecondsMax = 10;
inline constexpr int kHttpBodySecondsMax = 30;
inline constexpr int kHttpDrainSecondsMax = 20;
// Header fields of one request. Above: 431.
inline constexpr std::size_t kHttpHeadersMax = 100;
// Request bodies being received, all connections together, in bytes. Above: 503 busy with
// Retry-After.
inline constexpr std::size_t kHttpBodiesBytesMax = std::size_t{256} << 20;
// Cached bodies that lie in files, to be sent without a copy: from which size on, how many, and
// their bytes. Above, those that were not sent for the longest time are sent from memory again.
inline constexpr std::size_t kBodyFileBytesMin = 64 * 1024;
inline constexpr std::size_t kBodyFilesMax = 64;
inline constexpr std::size_t kBodyFilesBytesMax = std::size_t{32} << 20;
// A client that takes nothing of its answer for this long is cut off.
inline constexpr int kHttpWriteSecondsMax = 30;
// After a refusal unread input is thrown away up to this time and size, so that the client can read
// the answer.
inline constexpr int kHttpLingerSecondsMax = 2;
inline constexpr std::size_t kHttpLingerBytesMax = std::size_t{4} << 20;

// Reads waiting for a worker. Above: 503 queue_full with Retry-After.
inline constexpr std::size_t kWorkerQueueMax = 1'000;

// JSON of a request: nesting, members of one object, values in all. Above: 400 malformed_json.
inline constexpr std::size_t kJsonDepthMax = 16;
inline constexpr std::size_t kJsonMembersMax = 64;
inline constexpr std::size_t kJsonValuesMax = 100'000;
// What is wrong with one request: so many of its fields are named.
inline constexpr std::size_t kFieldErrorsMax = 20;

// The report cache, per node. Entries of one kind and org, and bytes: above, the least recently
// used go. One org may hold one eighth of the bytes.
inline constexpr std::size_t kCacheEntriesMax = 1'000;
inline constexpr std::size_t kCachePartsMax = 10'000;
inline constexpr std::size_t kCacheBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kCacheOrgShare = 8;
// Elements of one staircase. Above, the older half becomes its floor.
inline constexpr std::size_t kStaircaseMax = 512;
// A safety net; a change makes a report invalid at once. In milliseconds.
inline constexpr std::int64_t kCacheDailyMsMax = std::int64_t{5} * 60 * 1'000;
inline constexpr std::int64_t kCachePeriodMsMax = std::int64_t{24} * 3'600 * 1'000;
// How long a sum over properties waits for the raising of its snapshot's stamp, in milliseconds.
inline constexpr std::int64_t kCacheRaiseWaitMsMax = 2'000;
// How long a request waits until other nodes' commits are known, in milliseconds; then it reads the
// database itself.
inline constexpr std::int64_t kCatchUpMsMax = 2'000;

// Delivery (I5). Of one subscription: events in flight; attempts before a dead letter; time of one
// attempt in milliseconds; ranges acknowledged beyond the watermark and events parked behind dead
// letters, above which it pauses and alerts.
inline constexpr std::size_t kDeliveryInFlightMax = 20;
inline constexpr int kDeliveryAttemptsMax = 10;
inline constexpr std::int64_t kDeliveryAckMsMax = 30'000;
inline constexpr std::size_t kDeliveryRangesMax = 10'000;
inline constexpr std::size_t kDeliveryParkedMax = 10'000;
// Dead letters of one subscription and org, above which it pauses and alerts.
inline constexpr std::size_t kDeadLettersMax = 10'000;
// Positions that wait behind others of their entity before reading on waits, too.
inline constexpr std::size_t kDeliveryQueuedMax = 10'000;
// Events of the log that a follower reads in one go.
inline constexpr std::size_t kDeliveryPage = 200;
// How long a stopping process waits for what is in flight, in milliseconds; what is not
// acknowledged by then is delivered again after the start.
inline constexpr std::int64_t kDeliveryDrainMsMax = 11'000;
// What a dead letter keeps of its last error, in bytes.
inline constexpr std::size_t kDeliveryErrorBytesMax = 500;
// Delays between attempts, in milliseconds: of handlers in the process, and of what leaves it.
inline constexpr std::int64_t kRetryInsideMsMin = 100;
inline constexpr std::int64_t kRetryInsideMsMax = std::int64_t{5} * 60 * 1'000;
inline constexpr std::int64_t kRetryOutsideMsMin = 5'000;
inline constexpr std::int64_t kRetryOutsideMsMax = std::int64_t{6} * 3'600 * 1'000;
// A cursor is saved after so many acknowledgements, or so many milliseconds.
inline constexpr std::size_t kCursorSaveAcks = 1'000;
inline constexpr std::int64_t kCursorSaveMs = 1'000;
// The lease of whichever node delivers, and how often it is renewed or asked for, in milliseconds.
inline constexpr std::int64_t kLeaseMs = 10'000;
inline constexpr std::int64_t kLeaseRenewMs = 2'000;
// Bytes of a message of the bus, which names some sixty orgs; larger ones are not from us.
inline constexpr std::size_t kBusMessageBytesMax = std::size_t{64} << 10;
// Webhooks of one org (above: 422), shared workers, those that one org may use, and the time limit
// of one request in milliseconds.
inline constexpr std::size_t kWebhooksMax = 10;
inline constexpr std::size_t kWebhookWorkers = 64;
inline constexpr std::size_t kWebhookWorkersPerOrg = 4;
inline constexpr std::int64_t kWebhookMsMax = 10'000;
// Attempts that the delivery log of one webhook keeps; older ones are forgotten.
inline constexpr std::size_t kWebhookLogMax = 100;
// A webhook's address in bytes, and the event types or properties that it may name. Above: 422.
inline constexpr std::size_t kUrlBytesMax = 500;
inline constexpr std::size_t kWebhookFilterMax = 100;
// The head of a receiver's answer, in bytes; a longer one is a failed attempt.
inline constexpr std::size_t kWebhookAnswerBytesMax = 16 * 1024;

// Alerts on their way to webhooks, all together; above, one is dropped and logged.
inline constexpr std::size_t kAlertSendsMax = 1'000;
// Alerts: how often the node looks, in milliseconds; the lag of a subscription and the free disk
// that raise one.
inline constexpr std::int64_t kAlertCheckMs = 10'000;
inline constexpr std::int64_t kAlertLagMs = std::int64_t{5} * 60 * 1'000;
inline constexpr std::int64_t kAlertDiskBytes = std::int64_t{1} << 30;

// Streams. Frames and bytes in the ring of one org, and bytes of all rings of a node, which then
// share alike (older frames are read from the log); streams and waiting polls of one principal, org
// and node (above: refused).
inline constexpr std::size_t kRingFramesMax = 4'096;
inline constexpr std::size_t kRingBytesMax = std::size_t{8} << 20;
inline constexpr std::size_t kRingsBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kStreamsPerPrincipalMax = 12'000;
inline constexpr std::size_t kStreamsPerOrgMax = 12'000;
inline constexpr std::size_t kStreamsPerNodeMax = 15'000;
// Threads that send to streams; each has a part of them, with a ring of its own for every org.
inline constexpr std::size_t kStreamShards = 2;
// Of one stream: bytes that wait for a client that takes nothing (above: cut off; so is one that
// takes nothing for kHttpWriteSecondsMax), its socket's send buffer, and what is sent in one go.
inline constexpr std::size_t kStreamUnsentBytesMax = std::size_t{1} << 20;
inline constexpr int kStreamSendBufferBytes = 64 * 1024;
inline constexpr std::size_t kStreamSendFrames = 64;
// A page of the log for a stream that is behind its ring, and pages being read at once; the others
// wait their turn.
inline constexpr std::size_t kStreamPageEvents = 256;
inline constexpr std::size_t kStreamPageBytes = 256 * 1024;
inline constexpr std::size_t kStreamPageReadsMax = 4;
// What a client may send on a stream, which is nothing of use. Above: cut off.
inline constexpr std::size_t kStreamInputBytesMax = 64 * 1024;
inline constexpr int kHeartbeatSeconds = 15;
// When a client comes back: spread between these after a stream ended, and after it was refused.
inline constexpr std::int64_t kStreamRetryMsMin = 1'000;
inline constexpr std::int64_t kStreamRetryMsMax = 3'000;
inline constexpr std::int64_t kStreamRefusedRetryMs = 30'000;
// The longest wait of a poll, and when to ask again after one that did not wait, in seconds.
inline constexpr int kPollSecondsMax = 30;
inline constexpr int kPollNextSeconds = 5;

// People. Users of one org, removed ones included (above: 413), and the bytes of an e-mail address
// (RFC 5321, 4.5.3.1.3).
inline constexpr std::size_t kUsersMax = 1'000;
inline constexpr std::size_t kEmailBytesMax = 254;
// Passwords, in characters of UTF-8 and in bytes. Outside: 422 weak_password.
inline constexpr std::size_t kPasswordCharactersMin = 12;
inline constexpr std::size_t kPasswordBytesMax = 256;
// Passwords hashed at a time, each taking 64 MiB, and those that wait. Above: 429 rate_limited.
inline constexpr std::size_t kPasswordHashesAtOnce = 2;
inline constexpr std::size_t kPasswordHashesWaiting = 16;
// Accounts of one e-mail address over all orgs whose passwords one sign-in tries.
inline constexpr std::size_t kSignInAccountsMax = 4;
// Orgs that a sign-in looks for them in, the oldest first.
inline constexpr std::size_t kSignInOrgsMax = 16;
// Sessions of one user: above, the oldest ends. They end after so long without a request, and in
// any case after so long, in milliseconds.
inline constexpr std::size_t kSessionsPerUserMax = 20;
inline constexpr std::int64_t kSessionIdleMsMax = std::int64_t{24} * 3'600 * 1'000;
inline constexpr std::int64_t kSessionMsMax = std::int64_t{30} * 24 * 3'600 * 1'000;
// Links, in milliseconds: invitations, and resets of a password.
inline constexpr std::int64_t kInvitationMsMax = std::int64_t{7} * 24 * 3'600 * 1'000;
inline constexpr std::int64_t kResetMsMax = std::int64_t{24} * 3'600 * 1'000;
// Failed sign-ins within a window, in milliseconds: of one account and of one address. Above: 429
// rate_limited. The table of them keeps so many; the oldest make room.
inline constexpr std::int64_t kFailedSignInWindowMs = std::int64_t{15} * 60 * 1'000;
inline constexpr std::size_t kFailedSignInsPerAccount = 10;
inline constexpr std::size_t kFailedSignInsPerAddress = 50;
inline constexpr std::size_t kFailedSignInsKept = 10'000;
// When tokens and sessions were last used is written this often at most, in milliseconds.
inline constexpr std::int64_t kLastUseWriteMs = 60'000;
// An org that nobody asks about for so long is kept in memory no longer, in milliseconds.
inline constexpr std::int64_t kOrgIdleMs = 600'000;
// Who read the trail is kept so long, in milliseconds, and listed by so many at a time.
inline constexpr std::int64_t kAccessKeptMs = std::int64_t{400} * 24 * 3'600 * 1'000;

// Rates: requests a second and at once, of one token or session and of one org; an entry of a bulk
// counts as a request. Above: 429 rate_limited. Callers whose bucket is full again are forgotten;
// above so many callers, those that asked longest ago are.
inline constexpr std::int64_t kCallerRequestsPerSecond = 100;
inline constexpr std::int64_t kCallerRequestsAtOnce = 1'000;
inline constexpr std::int64_t kOrgRequestsPerSecond = 200;
inline constexpr std::int64_t kOrgRequestsAtOnce = 2'000;
inline constexpr std::size_t kRateCallersMax = 100'000;

}  // namespace daybook::limits
