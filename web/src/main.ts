// Starts the app: fonts for the page, then the one screen.
import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { addPageFonts } from './map/fonts';

addPageFonts(document.fonts);
const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
