
namespace SampleIm.Api.Storage;

/// <summary>
/// The database could not be reached or could not write. Unless a commit was under way at that very moment, nothing of the
/// request has happened; a send that is repeated with its clientId is safe in any case.
/// </summary>
public sealed class StorageUnavailableException(string message, Exception? fault = null) : Exception(message, fault);
