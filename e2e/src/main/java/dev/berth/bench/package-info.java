/**
 * Measures registries from outside, Berth's and others side by side, so that anybody can repeat the
 * figures that Berth states about itself.
 */
@NullMarked
package dev.berth.bench;

import org.jspecify.annotations.NullMarked;
