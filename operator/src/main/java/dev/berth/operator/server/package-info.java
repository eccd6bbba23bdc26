/** The client of a registry server's management port. */
@NullMarked
package dev.berth.operator.server;

import org.jspecify.annotations.NullMarked;
