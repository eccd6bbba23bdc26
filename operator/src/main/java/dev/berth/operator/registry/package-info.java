/** The Registry kind: from its spec to running children and a status. */
@NullMarked
package dev.berth.operator.registry;

import org.jspecify.annotations.NullMarked;
