/** What may be answered on the event loop that read the request, and what must leave it first. */
@NullMarked
package dev.berth.registry.eventloop;

import org.jspecify.annotations.NullMarked;
