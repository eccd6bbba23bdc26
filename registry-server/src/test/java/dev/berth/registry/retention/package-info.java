@NullMarked
package dev.berth.registry.retention;

import org.jspecify.annotations.NullMarked;
