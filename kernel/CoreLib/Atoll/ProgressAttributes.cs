using System;

namespace Atoll;

/// <summary>Waits for something that another core or a device does: nothing that must go on may call it (ATL0104).</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class BlocksAttribute : Attribute;

/// <summary>Its answer changes with time alone, whatever others do: a clock, the count of a timer. A loop that ends by it ends (ATL0102).</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class AdvancesAttribute : Attribute;

/// <summary>A state that lasts as long as the value lives, such as interrupts held off. Made only in a <c>using</c> (ATL0105).</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class GuardAttribute : Attribute;
