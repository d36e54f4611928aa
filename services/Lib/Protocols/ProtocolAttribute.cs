using System;

namespace Atoll.Services.Lib;

/// <summary>The interface is a protocol: client, server and dispatch are made of it (docs/protocols.md).</summary>
/// <remarks>Ids of its methods are in <c>NAME.protocol.txt</c> beside the project.</remarks>
/// <param name="name">What manifests and systems call it: lower case.</param>
/// <param name="version">Raised whenever an id means something else than before.</param>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class ProtocolAttribute(string name, int version) : Attribute
{
    /// <summary>What manifests and systems call it.</summary>
    public string Name { get; } = name;

    /// <summary>Its version.</summary>
    public int Version { get; } = version;
}

/// <summary>The server answers this method later: its caller waits in a reply object meanwhile.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeferredAttribute : Attribute;
