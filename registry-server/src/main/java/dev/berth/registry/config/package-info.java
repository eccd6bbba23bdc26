/**
 * The server's one configuration file, as records. Reading it, and saying where it is wrong, is all
 * that is done here.
 */
@NullMarked
package dev.berth.registry.config;

import org.jspecify.annotations.NullMarked;
