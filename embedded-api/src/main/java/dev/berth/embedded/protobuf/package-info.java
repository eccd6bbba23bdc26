/** Protobuf bodies, which kubectl sends when it creates objects of the built-in kinds. */
@NullMarked
package dev.berth.embedded.protobuf;

import org.jspecify.annotations.NullMarked;
