// Subscriptions, dead letters, metrics of events and alerts: for owners and admins of all
// properties, because a subscription carries what happens everywhere in the org.
#pragma once

#include "domain/webhook.h"
#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_subscriptions(const ReadCall& call);
MakeWrite change_subscription(domain::DeliveryAct act);  // paused, resumed, reset

Result<Response> list_dead_letters(const ReadCall& call);
Result<Response> get_dead_letter(const ReadCall& call);
MakeWrite change_dead_letter(domain::DeliveryAct act);  // redriven, discarded

Result<Response> get_event_metrics(const ReadCall& call);
Result<Response> list_alerts(const ReadCall& call);

// Of every kind of subscription, for Prometheus.
void append_delivery_metrics(std::string& out, app::DeliveryMonitor& delivery);

}  // namespace daybook::http
