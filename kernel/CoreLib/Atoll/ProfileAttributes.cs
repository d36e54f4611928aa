using System;

namespace Atoll;

/// <summary>Every body in the assembly obeys the kernel's rules (docs/rules); the analyzers check it.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class KernelProfileAttribute : Attribute;

/// <summary>Ends a proof: what follows is right for a reason that no rule can see.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Method | AttributeTargets.Constructor
    | AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Interface)]
public sealed class TrustedAttribute : Attribute
{
    /// <summary>Why it is right. Never empty.</summary>
    public string Safety { get; set; } = "";
}
