namespace Atoll.Linker.Model;

/// <summary>Global symbols by name, in the order of their definition.</summary>
public sealed class SymbolTable
{
    private readonly Dictionary<string, Definition> _byName = new(StringComparer.Ordinal);
    private readonly List<Definition> _all = [];

    /// <summary>All definitions.</summary>
    public IReadOnlyList<Definition> All => _all;

    /// <summary>Adds a definition; false when the name is taken.</summary>
    public bool TryAdd(Definition definition)
    {
        if (!_byName.TryAdd(definition.Name, definition))
        {
            return false;
        }

        _all.Add(definition);
        return true;
    }

    /// <summary>The definition of a name, or null.</summary>
    public Definition? Find(string name) => _byName.GetValueOrDefault(name);
}
