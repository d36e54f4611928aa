namespace Atoll.Generators.Model;

/// <summary>A type that stands for a capability.</summary>
/// <param name="Name">As C# writes it.</param>
/// <param name="Kind">The kind of object: a member of <c>CapabilityType</c>, also in the file of ids.</param>
internal sealed record HandleType(string Name, string Kind)
{
    /// <summary>The kind, as C# writes it.</summary>
    public string KindName => $"global::Atoll.Abi.CapabilityType.{Kind}";
}
