/** What the server shows of itself: logs, metrics and an id for every request. No secrets. */
@NullMarked
package dev.berth.registry.observe;

import org.jspecify.annotations.NullMarked;
