using Atoll.Http.Tests.Checks;

namespace Atoll.Http.Tests;

/// <summary>Requests from the RFCs, whole and in pieces.</summary>
public sealed class RequestTests
{
    public static TheoryData<string> Names => [.. Vectors.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Request_IsAnsweredAsWritten(string name) => Assert.Null(VectorCheck.Whole(Find(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Request_InPieces_IsAnsweredTheSame(string name) => Assert.Null(VectorCheck.Pieces(Find(name)));

    private static Vector Find(string name) => Vectors.All.Single(vector => vector.Name == name);
}
