namespace Atoll.Http.Tests.Checks;

/// <summary>What a client sends, and what it must be answered.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Source">Where that is written.</param>
/// <param name="Request">Bytes, as Latin-1.</param>
/// <param name="Statuses">Statuses in their order; <c>close</c> behind the last: the connection ends with it.</param>
/// <param name="Fields">Whole lines that the last answer has; with <c>!</c> before the name of a field: it has none of it.</param>
public sealed record Vector(string Name, string Source, string Request, string Statuses, params string[] Fields)
{
    /// <summary>The content of the last answer; null: not compared.</summary>
    public string? Content { get; init; }

    public override string ToString() => Name;
}
