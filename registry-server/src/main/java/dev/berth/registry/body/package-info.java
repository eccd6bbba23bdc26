/** The bodies of requests: when they are asked for, and how many are received at once. */
@NullMarked
package dev.berth.registry.body;

import org.jspecify.annotations.NullMarked;
