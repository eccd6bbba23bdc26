/** What a push may add, by the policy in force. */
@NullMarked
package dev.berth.registry.quota;

import org.jspecify.annotations.NullMarked;
