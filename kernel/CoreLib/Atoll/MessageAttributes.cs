using System;

namespace Atoll;

/// <summary>A struct that goes to another core as it lies in memory: whole cache lines, nothing hidden (ATL0501 to ATL0507).</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class MessageAttribute : Attribute
{
    /// <summary>The number by which a receiver tells it from other messages: never 0, never changed, never used again (ATL0504).</summary>
    public uint Id { get; set; }
}

/// <summary>The field shares its bytes with others on purpose: which of them is meant, another field says.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class OverlayAttribute : Attribute;

/// <summary>A value that means something on its own core only: an index into a private table, an address in private memory.</summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class CoreLocalAttribute : Attribute;
