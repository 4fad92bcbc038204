#include "persistence/redis/scripts.hpp"

// Who owns what can be settled also when the memory is full: those scripts say allow-oom.
namespace reenact::persistence::redis {
namespace {

// Keys: identity. Arguments: format, lineage, shards, hash. Answers what is there after it.
constexpr std::string_view found = R"lua(
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'format', ARGV[1], 'lineage', ARGV[2], 'shards', ARGV[3],
             'hash', ARGV[4])
end
return redis.call('HMGET', KEYS[1], 'format', 'lineage', 'shards', 'hash')
)lua";

// Keys: identity, the log of each shard. Answers the lineage and the end of each.
constexpr std::string_view ends = R"lua(
local out = {redis.call('HGET', KEYS[1], 'lineage') or ''}
for i = 2, #KEYS do out[i] = redis.call('XLEN', KEYS[i]) end
return out
)lua";

// Keys: owner, log, members. Arguments: incarnation. Answers 1, the epoch, the log's end and its
// last stamp; or 0 and the epoch of the owner whose lease lives.
constexpr std::string_view claim = R"lua(#!lua flags=allow-oom
local held = redis.call('HMGET', KEYS[1], 'epoch', 'incarnation')
local epoch, incarnation = held[1] or '0', held[2] or '0'
if incarnation ~= '0' and incarnation ~= ARGV[1] then
  local lease = redis.call('HGET', KEYS[3], incarnation)
  local now = redis.call('TIME')
  if lease and tonumber(string.match(lease, '^%d+')) > now[1] * 1000000 + now[2] then
    return {0, epoch}
  end
end
local size = redis.call('XLEN', KEYS[2])
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local stamp = last[1] and last[1][2][6] or '0'
local id = last[1] and last[1][1] or '0-0'
redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', tonumber(epoch) + 1),
           'incarnation', ARGV[1])
return {1, redis.call('HGET', KEYS[1], 'epoch'), size, stamp, id}
)lua";

// Keys: owner. Arguments: epoch, incarnation. Answers 1, or 0 and the owner's epoch.
constexpr std::string_view release = R"lua(#!lua flags=allow-oom
local held = redis.call('HMGET', KEYS[1], 'epoch', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {0, held[1] or '0'} end
redis.call('HSET', KEYS[1], 'incarnation', '0')
return {1}
)lua";

// Keys: members, the owner of each shard. Arguments: incarnation, lease in microseconds, what the
// member says of itself, how many there may be. Answers the members as incarnation, milliseconds
// left, what it says; and the owners as epoch, incarnation; or 0 when there are too many.
constexpr std::string_view beat = R"lua(#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local all = redis.call('HGETALL', KEYS[1])
local members, ended, count = {}, {}, 0
for i = 1, #all, 2 do
  local till, says = string.match(all[i + 1], '^(%d+) (.*)$')
  if all[i] == ARGV[1] then
  elseif not till or tonumber(till) <= now then
    ended[#ended + 1] = all[i]
  else
    count = count + 1
    members[#members + 1] = all[i]
    members[#members + 1] = math.floor((tonumber(till) - now) / 1000)
    members[#members + 1] = says
  end
end
if count >= tonumber(ARGV[4]) then return 0 end
local owners = {}
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'epoch', 'incarnation')
  owners[#owners + 1] = held[1] or '0'
  owners[#owners + 1] = held[2] or '0'
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f ', now + ARGV[2]) .. ARGV[3])
for i = 1, #ended do redis.call('HDEL', KEYS[1], ended[i]) end
members[#members + 1] = ARGV[1]
members[#members + 1] = math.floor(ARGV[2] / 1000)
members[#members + 1] = ARGV[3]
return {members, owners}
)lua";

// Keys: for each shard its owner, log, timers and the streams of its appends, one after the other.
// Arguments: the number of shards; for each its epoch, incarnation, first sequence and number of
// appends; for each append the name of its stream, its expected version, its stamp, how many
// records, cleared and set timers, and these. Answers three numbers for each append that is not
// there: which, its verdict, and what the verdict speaks of. The first append of a shard that is
// not written ends the shard's: those behind it were made for sequences that are not theirs.
constexpr std::string_view append = R"lua(
local out, k, a, at = {}, 1, 2, 0
for s = 1, tonumber(ARGV[1]) do
  local owner, log, timers = KEYS[k], KEYS[k + 1], KEYS[k + 2]
  local sequence, count = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local verdict, of = 0, 0
  local held = redis.pcall('HMGET', owner, 'epoch', 'incarnation')
  local size = redis.pcall('XLEN', log)
  if held.err or type(size) ~= 'number' then
    verdict = 4
  elseif held[1] ~= ARGV[a] or held[2] ~= ARGV[a + 1] then
    verdict, of = 2, tonumber(held[1] or 0)
  elseif size + 1 ~= sequence then
    verdict, of = 3, size
  end
  k, a = k + 3, a + 4
  for i = 1, count do
    local stream, name, expected, stamp = KEYS[k], ARGV[a], tonumber(ARGV[a + 1]), ARGV[a + 2]
    local records, cleared = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
    local set = tonumber(ARGV[a + 5])
    local first = a + 6
    k, a, at = k + 1, first + records + cleared + set, at + 1
    if verdict == 0 then
      local version = redis.pcall('LLEN', stream)
      if type(version) ~= 'number' then
        verdict = 4
      elseif version ~= expected then
        verdict, of = 1, version
      elseif cleared + set > 0 and type(redis.pcall('ZCARD', timers)) ~= 'number' then
        verdict = 4
      else
        local id = redis.pcall('XADD', log, '0-' .. sequence, 'k', name, 'v', version + 1,
                               't', stamp)
        if type(id) ~= 'string' then
          verdict = 4
        else
          for r = 1, records - 1 do
            redis.call('XADD', log, '0-' .. (sequence + r), 'k', name, 'v', version + 1 + r,
                       't', stamp)
          end
          redis.call('RPUSH', stream, unpack(ARGV, first, first + records - 1))
          first, sequence = first + records, sequence + records
          for t = first, first + cleared - 1 do redis.call('ZREM', timers, ARGV[t]) end
          first = first + cleared
          for t = first, first + set - 1 do redis.call('ZADD', timers, 0, ARGV[t]) end
        end
      end
    end
    if verdict ~= 0 then
      out[#out + 1], out[#out + 2], out[#out + 3] = at, verdict, of
      if verdict ~= 2 and verdict ~= 3 then verdict, of = 5, 0 end
    end
  end
end
return out
)lua";

// Keys: for each shard its owner. Arguments: for each the epoch and incarnation that may still be
// on their way. Answers for each the epoch that is stored after it.
constexpr std::string_view raise = R"lua(#!lua flags=allow-oom
local out = {}
for i = 1, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'epoch', 'incarnation')
  if held[1] == ARGV[2 * i - 1] and held[2] == ARGV[2 * i] then
    out[i] = redis.call('HINCRBY', KEYS[i], 'epoch', 1)
  else
    out[i] = tonumber(held[1] or 0)
  end
end
return out
)lua";

// Keys: owner, snapshot. Arguments: epoch, incarnation, value. Answers 1, or 0 and the epoch.
constexpr std::string_view store_snapshot = R"lua(
local held = redis.call('HMGET', KEYS[1], 'epoch', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {0, held[1] or '0'} end
redis.call('SET', KEYS[2], ARGV[3])
return {1}
)lua";

// Keys: owner, log, positions, parked, dead letters. Arguments: epoch, incarnation, consumer, the
// last sequence that is spoken of, the position and as it is stored, how many are parked, resumed
// and dead, and these; each dead one as its sequence, the next one's, and the letter. Answers 1; 0
// and the epoch; or 2 and the end of the log.
constexpr std::string_view store_progress = R"lua(
local held = redis.call('HMGET', KEYS[1], 'epoch', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {0, held[1] or '0'} end
local size = redis.call('XLEN', KEYS[2])
if tonumber(ARGV[4]) > size then return {2, size} end
local before = redis.call('HGET', KEYS[3], ARGV[3])
redis.call('ZCARD', KEYS[4])
redis.call('ZCARD', KEYS[5])
if not before or #before ~= 12 or struct.unpack('>I8', before, 5) < tonumber(ARGV[5]) then
  redis.call('HSET', KEYS[3], ARGV[3], ARGV[6])
end
local a = 10
for i = a, a + ARGV[7] - 1 do redis.call('ZADD', KEYS[4], 0, ARGV[i]) end
a = a + ARGV[7]
for i = a, a + ARGV[8] - 1 do redis.call('ZREM', KEYS[4], ARGV[i]) end
a = a + ARGV[8]
for i = a, a + 3 * ARGV[9] - 1, 3 do
  redis.call('ZREMRANGEBYLEX', KEYS[5], '[' .. ARGV[i], '(' .. ARGV[i + 1])
  redis.call('ZADD', KEYS[5], 0, ARGV[i + 2])
end
return {1}
)lua";

// Keys: owner, dead letters. Arguments: epoch, incarnation, sequence, the next one's.
constexpr std::string_view drop_letter = R"lua(#!lua flags=allow-oom
local held = redis.call('HMGET', KEYS[1], 'epoch', 'incarnation')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {0, held[1] or '0'} end
redis.call('ZREMRANGEBYLEX', KEYS[2], '[' .. ARGV[3], '(' .. ARGV[4])
return {1}
)lua";

// Keys: log. Arguments: first id, last id, what names of streams have before them, bytes of records
// after which it is enough. Answers for each entry its id, name, version, stamp and element.
constexpr std::string_view log_page = R"lua(
local out, bytes = {}, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2])) do
  local id, is = entry[1], entry[2]
  local element = redis.call('LINDEX', ARGV[3] .. is[2], is[4] - 1) or ''
  out[#out + 1] = id
  out[#out + 1] = is[2]
  out[#out + 1] = is[4]
  out[#out + 1] = is[6]
  out[#out + 1] = element
  bytes = bytes + #element
  if bytes >= tonumber(ARGV[4]) then break end
end
return out
)lua";

} // namespace

std::string_view text_of(script which) {
  switch (which) {
    case script::found: return found;
    case script::ends: return ends;
    case script::claim: return claim;
    case script::release: return release;
    case script::beat: return beat;
    case script::append: return append;
    case script::raise: return raise;
    case script::store_snapshot: return store_snapshot;
    case script::store_progress: return store_progress;
    case script::drop_letter: return drop_letter;
    case script::log_page: return log_page;
    case script::count: break;
  }
  return {};
}

} // namespace reenact::persistence::redis
