/** The distribution API as clients see it, over real connections. */
@NullMarked
package dev.berth.registry.http;

import org.jspecify.annotations.NullMarked;
