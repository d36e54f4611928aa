using System.Text.Json;

namespace Atoll.Linker.Inputs;

/// <summary>Reads what NuGet has locked: each package with its version and the SHA-512 of its content.</summary>
/// <remarks>Source: NuGet documentation, "Locking dependencies". A project in the file is no input: its source is in
/// the repository.</remarks>
public static class LockFile
{
    private const string Project = "Project";

    /// <summary>Packages of all target frameworks.</summary>
    /// <exception cref="InvalidDataException">The file is no lock file.</exception>
    public static IReadOnlyList<BuildInput> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument file = JsonDocument.Parse(bytes);
            return
            [
                .. file.RootElement.GetProperty("dependencies").EnumerateObject()
                    .SelectMany(framework => framework.Value.EnumerateObject())
                    .Where(package => package.Value.GetProperty("type").GetString() != Project)
                    .Select(package => new BuildInput(
                        BuildInputKind.Package,
                        package.Name,
                        TextOf(package.Value, "resolved"),
                        "sha512:" + TextOf(package.Value, "contentHash"))),
            ];
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"This is no lock file of NuGet: {exception.Message}", exception);
        }
    }

    private static string TextOf(JsonElement package, string property) =>
        package.GetProperty(property).GetString() is { Length: > 0 } text
            ? text
            : throw new InvalidOperationException($"a package has an empty '{property}'.");
}
