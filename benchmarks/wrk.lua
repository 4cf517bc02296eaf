-- Sends the requests of a file (benchmarks/bodies.py wrote them), each once: no string is made
-- while the clock runs. wrk calls request() once before it starts, to look at it: that first
-- call is answered with a request that is sent later.
requests = {}
calls = -1
threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read(8)
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
end

function request()
  calls = calls + 1
  if calls == 0 then return requests[1] end
  if calls > #requests then
    wrk.thread:stop()
    return ""
  end
  return requests[calls]
end

function done(summary, latency, _)
  local calls, errors = 0, summary.errors
  for _, thread in ipairs(threads) do calls = calls + thread:get("calls") end
  io.write(string.format(
    '{"answers": %d, "seconds": %.6f, "calls": %d, "refused": %d, "broken": %d, '
      .. '"p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, calls, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
