import { createApp } from './app.js';

const url = await createApp().listen({ port: Number(process.env['PORT'] ?? 3000), host: '127.0.0.1' });
console.log(`${url}: customer 12345, password "correct horse battery staple"`);
