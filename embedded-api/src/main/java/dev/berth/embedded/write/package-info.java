/** What happens to an object between a request and the store, as in a real API server. */
@NullMarked
package dev.berth.embedded.write;

import org.jspecify.annotations.NullMarked;
