/** Requests, answers, discovery and watches over the mock server's HTTP layer. */
@NullMarked
package dev.berth.embedded.http;

import org.jspecify.annotations.NullMarked;
