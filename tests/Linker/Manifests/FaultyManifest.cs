namespace Atoll.Linker.Tests.Manifests;

/// <summary>A manifest with one mistake.</summary>
/// <param name="Text">The file.</param>
/// <param name="Line">Line of the mistake.</param>
/// <param name="Column">Its column.</param>
/// <param name="Id">The finding.</param>
/// <param name="Says">Part of its text.</param>
internal sealed record FaultyManifest(string Text, int Line, int Column, string Id, string Says)
{
    public static IReadOnlyList<FaultyManifest> All { get; } =
    [
        new("name = \"a", 1, 9, "ATL9501", "string literal"),
        new("name = \"a\"\nreplies = \n", 2, 11, "ATL9501", "TOML"),
        new("name = \"a\"\nname = \"b\"", 2, 1, "ATL9501", "name"),
        new("name = \"a\"\nname.x = 1", 2, 1, "ATL9501", "name"),
        new("name = \"a\"\n[needs]\nname = \"b\"\n[[needs]]\nname = \"c\"", 4, 1, "ATL9501", "needs"),
        new("name = \"a\"\nstack-kib = 8", 2, 1, "ATL9502", "did you mean 'stack_kib'?"),
        new("name = \"a\"\nreplise = 1", 2, 1, "ATL9502", "did you mean 'replies'?"),
        new("name = \"a\"\nwhatever = 1", 2, 1, "ATL9502", "A program has no key 'whatever'. "),
        new("stack_kib = 8", 1, 1, "ATL9503", "A program has no 'name'"),
        new(Need("kind = \"figures\""), 2, 3, "ATL9503", "A need has no 'name'"),
        new(Need("name = \"f\""), 2, 3, "ATL9503", "A need has no 'kind'"),
        new(Need("name = \"p\"\nkind = \"ports\""), 2, 3, "ATL9503", "A need has no 'count'"),
        new(Need("name = \"s\"\nkind = \"slots\""), 2, 3, "ATL9503", "A need has no 'count'"),
        new(Need("name = \"m\"\nkind = \"memory\""), 2, 3, "ATL9503", "A need has no 'size_kib'"),
        new(Need("name = \"c\"\nkind = \"call\"\nversion = 1"), 2, 3, "ATL9503", "A need has no 'protocol'"),
        new(Need("name = \"c\"\nkind = \"serve\"\nprotocol = \"p\""), 2, 3, "ATL9503", "A need has no 'version'"),
        new("name = 1", 1, 8, "ATL9504", "'name' is a number, and must be a text"),
        new("name = \"a\"\nstack_kib = \"8\"", 2, 13, "ATL9504", "must be a number"),
        new("name = \"a\"\nstack_kib = 8.5", 2, 13, "ATL9504", "a number with a point"),
        new("name = \"a\"\nneeds = 1", 2, 9, "ATL9504", "must be an array of tables"),
        new("name = \"a\"\nneeds = [1]", 2, 10, "ATL9504", "a number among its tables"),
        new(Need("name = \"f\"\nkind = \"figures\"\noptional = 1"), 5, 12, "ATL9504", "must be true or false"),
        new("name = \"a\"\nstack_kib = 0", 2, 13, "ATL9505", "4 to 1024, in steps of 4"),
        new("name = \"a\"\nstack_kib = 6", 2, 13, "ATL9505", "4 to 1024, in steps of 4"),
        new("name = \"a\"\nstack_kib = 1028", 2, 13, "ATL9505", "4 to 1024"),
        new("name = \"a\"\nreplies = 0", 2, 11, "ATL9505", "1 to 32"),
        new("name = \"a\"\nreplies = 33", 2, 11, "ATL9505", "1 to 32"),
        new(Need("name = \"p\"\nkind = \"ports\"\ncount = 65537"), 5, 9, "ATL9505", "1 to 65536"),
        new(Need("name = \"s\"\nkind = \"slots\"\ncount = 57"), 5, 9, "ATL9505", "1 to 56"),
        new(Need("name = \"m\"\nkind = \"memory\"\nsize_kib = 48"), 5, 12, "ATL9505", "powers of two"),
        new(Need("name = \"m\"\nkind = \"memory\"\nsize_kib = 2"), 5, 12, "ATL9505", "4 to 1048576"),
        new(Need("name = \"r\"\nkind = \"region\"\nsize_kib = 6"), 5, 12, "ATL9505", "in steps of 4"),
        new(Need("name = \"c\"\nkind = \"call\"\nprotocol = \"p\"\nversion = 0"), 6, 11, "ATL9505", "1 to 65535"),
        new("name = \"\"", 1, 8, "ATL9506", "'' is no name"),
        new("name = \"Console\"", 1, 8, "ATL9506", "begin with a letter"),
        new("name = \"a-name-of-thirty-two-letters-xyz\"", 1, 8, "ATL9506", "1 to 31"),
        new(Need("name = \"a b\"\nkind = \"figures\""), 3, 8, "ATL9506", "'a b' is no name"),
        new(Need("name = \"c\"\nkind = \"call\"\nprotocol = \"P\"\nversion = 1"), 5, 12, "ATL9506", "'P' is no name"),
        new(Need("name = \"f\"\nkind = \"figures\"\n[[needs]]\nname = \"f\"\nkind = \"machine\""), 6, 8, "ATL9507", "called 'f'"),
        new(Need("name = \"p\"\nkind = \"port\""), 4, 8, "ATL9508", "did you mean 'ports'?"),
        new(Need("name = \"p\"\nkind = \"none\"\ncount = 3"), 4, 8, "ATL9508", "'none' is none of serve, call, "),
        new(Need("name = \"f\"\nkind = \"figures\"\ncount = 3"), 5, 9, "ATL9510", "'figures' has no 'count'"),
        new(Need("name = \"p\"\nkind = \"ports\"\ncount = 3\nprotocol = \"p\""), 6, 12, "ATL9510", "'ports' has no 'protocol'"),
        new(Need("name = \"m\"\nkind = \"memory\"\nsize_kib = 4\nversion = 3"), 6, 11, "ATL9510", "'memory' has no 'version'"),
        new(Need("name = \"f\"\nkind = \"figures\"\noptinal = true"), 5, 1, "ATL9502", "did you mean 'optional'?"),
    ];

    private static string Need(string body) => "name = \"a\"\n[[needs]]\n" + body;
}
