using System;

namespace Atoll;

/// <summary>May run in the middle of anything: touches no state that the interrupted code may be changing.</summary>
/// <remarks>As every contract here: on a type, for all its members; callees promise at least as much (ATL0011).</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class InterruptSafeAttribute : Attribute;

/// <summary>Never stops the instance: no check in it or below it can fail.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class NoPanicAttribute : Attribute;

/// <summary>Uses general-purpose registers only.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class NoSimdAttribute : Attribute;

/// <summary>Ends after a number of steps that does not depend on another core or device.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class NoBlockAttribute : Attribute;

/// <summary>Uses at most so much stack, callees included.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class StackBoundAttribute(int bytes) : Attribute
{
    /// <summary>The bound, in bytes, without the return address.</summary>
    public int Bytes { get; } = bytes;
}

/// <summary>An interrupt entry calls it. Its shape is what the entry's code expects (ATL0902).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InterruptHandlerAttribute : Attribute;
