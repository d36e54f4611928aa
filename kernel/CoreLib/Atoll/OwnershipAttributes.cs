using System;

namespace Atoll;

/// <summary>A value that has one owner, who must hand it on or end it: a capability, a borrowed frame, a guard.</summary>
/// <remarks>
/// By value it can only be moved, and on every path exactly once (ATL0401 to ATL0408). Only its own members make one.
/// Default is a value as any other: let it mean "nothing".
/// </remarks>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class LinearAttribute : Attribute;

/// <summary>A value that must not exist twice, but may be abandoned: one end of a ring, a table of capabilities.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class NonCopyableAttribute : Attribute;

/// <summary>The type parameter may be a <c>[Linear]</c> or <c>[NonCopyable]</c> struct: its code is held to their rules.</summary>
[AttributeUsage(AttributeTargets.GenericParameter)]
public sealed class AllowLinearAttribute : Attribute;

/// <summary>The call ends its receiver: the variable is as good as moved.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConsumesAttribute : Attribute;
