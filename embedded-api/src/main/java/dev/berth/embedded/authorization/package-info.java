/** Who may do what: the RBAC objects in the store, applied to requests made in somebody's name. */
@NullMarked
package dev.berth.embedded.authorization;

import org.jspecify.annotations.NullMarked;
