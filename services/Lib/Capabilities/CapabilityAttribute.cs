using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The struct is a handle: the address of a capability in the program's own CSpace, and what kind of object it leads to. A protocol can carry it.</summary>
/// <remarks>It has a constructor that takes the address, and a property <c>Address</c>.</remarks>
/// <param name="type">The kind of object. Who receives one of another kind refuses it.</param>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class CapabilityAttribute(CapabilityType type) : Attribute
{
    /// <summary>The kind of object.</summary>
    public CapabilityType Type { get; } = type;
}
