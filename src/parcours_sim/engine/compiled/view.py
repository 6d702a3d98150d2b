"""A territory as compiled functions see it: one pointer to all its arrays.

Numba would hand a tuple of eighty arrays from function to function by copying all of them, and
count references at every use. A view is made once, in the function that has the tuple; its
attributes are the tuple's. It must not outlive that function, nor is anything in it replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    register_model,
)


class View(types.Type):  # type: ignore[misc]
    """The type of a view of a named tuple."""

    def __init__(self, seen: types.NamedTuple) -> None:
        self.seen = seen
        # The name stands in every compiled symbol, and the tuple's is twenty thousand letters long.
        super().__init__(f"View-{sha256(seen.name.encode()).hexdigest()[:16]}")


@register_model(View)
class ViewModel(models.PrimitiveModel):  # type: ignore[misc]
    """A view is a pointer to the tuple."""

    def __init__(self, manager: Any, kind: View) -> None:
        pointee = manager.lookup(kind.seen).get_value_type()
        super().__init__(manager, kind, ir.PointerType(pointee))


@infer_getattr
class ViewAttributes(AttributeTemplate):  # type: ignore[misc]
    """A view has the attributes of the tuple, of the same types."""

    key = View

    def generic_resolve(self, kind: View, name: str) -> types.Type | None:
        """The type of an attribute; None where there is none of this name."""
        names = kind.seen.fields
        return kind.seen[names.index(name)] if name in names else None


@lower_getattr_generic(View)  # type: ignore[untyped-decorator]
def _attribute(context: Any, builder: Any, kind: View, pointer: Any, name: str) -> Any:
    place = kind.seen.fields.index(name)
    value = builder.load(cgutils.gep_inbounds(builder, pointer, 0, place))
    return _borrowed(context, builder, kind.seen[place], value)


def _borrowed(context: Any, builder: Any, kind: types.Type, value: Any) -> Any:
    """An array that nobody counts references of: whoever made the view keeps it alive."""
    if not isinstance(kind, types.Array):
        return value
    array = context.make_array(kind)(context, builder, value)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    return array._getvalue()


def _view(_context: Any, seen: types.NamedTuple) -> Any:
    def lowered(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return View(seen)(seen), lowered


view: Callable[[Any], Any] = intrinsic(_view)
"""A view of a named tuple, for as long as the calling function runs."""
