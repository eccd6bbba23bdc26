package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an error on the management port says. */
record Message(@JsonProperty("message") String message) {}
