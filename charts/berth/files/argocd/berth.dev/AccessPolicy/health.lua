-- Argo CD's health check of an AccessPolicy of Berth.
--
-- Degraded is what somebody must put right. What comes right by itself is Progressing: Argo CD
-- ends the sync of a wave at the first object that is Degraded.
local hs = { status = "Progressing", message = "Waiting for the operator" }

if obj.metadata.deletionTimestamp ~= nil then
  hs.message = "Being deleted"
  return hs
end

local status = obj.status
if status == nil or status.conditions == nil
    or (status.observedGeneration or 0) < (obj.metadata.generation or 0) then
  return hs
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end

local function holds(name)
  return conditions[name] ~= nil and conditions[name].status == "True"
end

if holds("Paused") then
  hs.status = "Suspended"
  hs.message = conditions.Paused.message
  return hs
end

local ready = conditions.Ready
if ready == nil then
  return hs
end

hs.message = ready.message
if ready.status == "True" then
  hs.status = "Healthy"
  if conditions.Supported ~= nil and conditions.Supported.status == "False" then
    hs.message = ready.message .. ". " .. conditions.Supported.message
  end
elseif holds("Stalled") then
  hs.status = "Degraded"
end
return hs
