#pragma once

#include "actors/model/aggregate.hpp"
#include "actors/model/registry.hpp"
#include "messages/fields.hpp"
#include "messages/money.hpp"

/// The words that the shop is written in.
namespace mallbots {

using reenact::messages::assign;
using reenact::messages::beyond_any_sum;
using reenact::messages::from;
using reenact::messages::out_of_range;
using reenact::messages::to_money;
using reenact::model::accepted;
using reenact::model::any_message;
using reenact::model::decision;
using reenact::model::deliver;
using reenact::model::errand;
using reenact::model::errands;
using reenact::model::facts;
using reenact::model::filter;
using reenact::model::invalid;
using reenact::model::later;
using reenact::model::meaning;
using reenact::model::not_found;
using reenact::model::registry;
using reenact::model::rejection;
using reenact::model::send;
using reenact::model::since;
using reenact::model::step;
using reenact::model::types;
using reenact::model::unauthorized;
using reenact::model::wants;

} // namespace mallbots
