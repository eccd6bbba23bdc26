@NullMarked
package dev.berth.registry.canary;

import org.jspecify.annotations.NullMarked;
