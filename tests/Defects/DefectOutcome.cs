namespace Atoll.Defects.Tests;

/// <summary>What a scenario or a host test said.</summary>
/// <param name="Passed">Whether it was green.</param>
/// <param name="Explanation">Its complaints, empty when it was green.</param>
public sealed record DefectOutcome(bool Passed, string Explanation);
